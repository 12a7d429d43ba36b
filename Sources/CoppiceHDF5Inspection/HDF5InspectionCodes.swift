package import CoppiceModel

extension CoppiceError.Code {
  /// libhdf5 can't read the file.
  package static let hdf5Invalid = Self(rawValue: "hdf5.invalid")
  /// The file, or an object of it, has a form that only a newer HDF5 reads.
  package static let hdf5NewerVersion = Self(rawValue: "hdf5.newer-version")
  /// The file describes more, or nests deeper, than a reader allows.
  package static let hdf5Limit = Self(rawValue: "hdf5.limit")
  /// The process that parses foreign HDF5 crashed, ran too long or took too much memory.
  package static let hdf5WorkerDied = Self(rawValue: "hdf5.worker-died")
  /// The HDF5 file can't be opened.
  package static let ioHDF5Open = Self(rawValue: "io.hdf5-open")
  /// The process that parses foreign HDF5 can't be started.
  package static let ioHDF5Worker = Self(rawValue: "io.hdf5-worker")
}
