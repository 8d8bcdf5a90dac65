sources = 'none'
study_group = ''
hours = 0
