// Everything public here speaks of the model, of checkpoints and of paths.
@_exported public import CoppiceCore
@_exported public import CoppiceModel

@_exported public import struct SystemPackage.FilePath
