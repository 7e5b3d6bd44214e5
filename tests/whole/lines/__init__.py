"""The lines of the matrix, one file for each part of the house."""
