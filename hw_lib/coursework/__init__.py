"""What older coursework notebooks ask for and the notebooks of this course do not: more layers, their costs, data and image grids.

The names are those of the older code (see docs/coursework.md). Nothing else in hw_lib imports this package.
"""

from hw_lib.coursework import conv1d, depthwise, groupnorm, layernorm, transposed
from hw_lib.coursework.conv1d import *
from hw_lib.coursework.depthwise import *
from hw_lib.coursework.groupnorm import *
from hw_lib.coursework.layernorm import *
from hw_lib.coursework.transposed import *

__all__: list[str] = []
__all__ += conv1d.__all__
__all__ += depthwise.__all__
__all__ += groupnorm.__all__
__all__ += layernorm.__all__
__all__ += transposed.__all__
