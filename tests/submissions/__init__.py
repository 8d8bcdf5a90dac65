"""The sample class: whole submitted notebooks, made from the release by the recipes in `recipes.py`."""
