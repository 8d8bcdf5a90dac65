# loses: a_card_test, a_context_test
# says: was changed after it was written
records["a_machine"]["value"]["gpu"] = "Tesla T4"
