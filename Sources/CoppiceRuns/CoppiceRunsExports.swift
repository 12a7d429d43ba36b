// The public API uses types of these modules: the model, single checkpoints, and paths.
@_exported public import CoppiceCore
@_exported public import CoppiceModel

@_exported public import struct SystemPackage.FilePath
