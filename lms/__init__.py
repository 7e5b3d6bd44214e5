"""社区学堂 Community Academy: the training platform of China's urban community workers."""
