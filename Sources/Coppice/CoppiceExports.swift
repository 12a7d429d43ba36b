// A program that imports Coppice has all that saving and loading take, and the type of paths.
@_exported public import CoppiceCore
@_exported public import CoppiceModel
@_exported public import CoppiceProcessGroup
@_exported public import CoppiceRuns
@_exported public import CoppiceState

@_exported public import struct SystemPackage.FilePath
