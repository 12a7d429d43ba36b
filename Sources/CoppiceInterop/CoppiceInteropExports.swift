// A program that imports CoppiceInterop has everything that the tool can do.
@_exported public import Coppice
// The codes of each format's errors.
@_exported public import CoppiceFlax
@_exported public import CoppiceGGUF
@_exported public import CoppiceHDF5Tree
@_exported public import CoppiceMaintenance
@_exported public import CoppiceNumPy
@_exported public import CoppiceOrbax
@_exported public import CoppicePyTorch
@_exported public import CoppiceSafetensors
@_exported public import CoppiceZarr
