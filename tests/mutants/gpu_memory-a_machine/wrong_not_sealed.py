# loses: a_card_test
# says: was changed after it was written
records["a_machine"]["value"]["gpu"] = "Tesla T4"
