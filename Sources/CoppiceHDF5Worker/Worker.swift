import CoppiceHDF5Inspection

/// The process in which foreign HDF5 files are parsed: its death is an error message elsewhere.
@main
struct Worker {
  static func main() { WorkerMain.run() }
}
