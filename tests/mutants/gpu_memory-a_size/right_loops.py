# loses: 
def model_size(rows):
    count = size = 0
    for row in rows:
        if row['kind'] != 'parameter':
            continue
        n = 1
        for length in row['shape']:
            n *= length
        count += n if row['trainable'] else 0
        size += n * row['itemsize']
    return [count, size]
