# loses: r_process_test
# says: is not made of numbers
hours = 'about six'
