# loses: a_card_test
# says: none of the list
card = 'NVIDIA A100-SXM4-40GB'
