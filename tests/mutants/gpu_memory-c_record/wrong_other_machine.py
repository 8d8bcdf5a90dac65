# loses: c_record_test
# says: the other on 'a CPU'
v = records['c_batches']['value']
v['machine'] = {**v['machine'], 'gpu': 'Tesla T4', 'total_bytes': 15_835_660_288}
records['c_batches']['environment']['device'] = 'Tesla T4'
seal('c_batches')
