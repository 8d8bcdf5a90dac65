# loses: r_process_test
# says: does not consist of numbers only
hours = 'about six'
