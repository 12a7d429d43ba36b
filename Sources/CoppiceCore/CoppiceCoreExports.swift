// The public declarations of this module use the model's types and paths.
@_exported public import CoppiceModel

@_exported public import enum CoppiceFiles.HDF5Access
@_exported public import struct SystemPackage.FilePath
