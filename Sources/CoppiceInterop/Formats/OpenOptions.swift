package import Coppice
package import CoppiceModel
package import FileAccess

/// How a path is opened.
package struct OpenOptions: Sendable {
  /// What is done with symbolic links inside a checkpoint.
  package var symlinks = SymlinkPolicy.inside

  /// The choices of readers of this format.
  package var reading = ReadOptions()

  /// Where libhdf5 parses files.
  package var hdf5 = HDF5Access.inProcess

  package init() {}

  package var limits: ReadLimits { reading.limits }
}
