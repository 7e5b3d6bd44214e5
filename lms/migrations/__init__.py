"""Migrations of the database, each tested up and down with data."""
