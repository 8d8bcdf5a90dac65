# loses: n_record_test
# says: cannot be accuracies over 50 images
records['n_few']['value'][0]['train'][3] = 0.555
seal('n_few')
