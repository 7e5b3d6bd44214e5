"""Records of people: training done elsewhere (补录), papers in batches (批量证明), the learning file (学习档案).

And what the yearly appraisal (年度考核) may look up. A back-entry is a claim that somebody entered; a second person
decides on it, and only then do hours stand in the ledger.
"""
