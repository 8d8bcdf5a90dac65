"""Whole courses as others write them: in the form of nbgrader's demo, and of an otter notebook that was converted by hand."""
