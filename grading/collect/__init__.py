"""Folders, zips and downloads of platforms -> one submission per student, under names that stay."""
