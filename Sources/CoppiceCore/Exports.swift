// Everything public here speaks of the model and of paths.
@_exported public import CoppiceModel

@_exported public import struct SystemPackage.FilePath
