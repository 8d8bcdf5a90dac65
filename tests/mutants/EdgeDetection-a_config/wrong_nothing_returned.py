# loses: a_config_test, a_loader_test, a_record_test
# says: domain_config returns no dictionary
def domain_config(kind, n):
    {"data_per_class": n}
