// A program that imports Coppice has what a checkpoint is made of, and the type of paths.
@_exported public import CoppiceModel

@_exported public import struct SystemPackage.FilePath
