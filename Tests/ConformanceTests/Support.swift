import Coppice
import CoppiceConformance
import CoppiceFiles
import CoppiceInterop
import CoppiceJSON
import CoppiceModel
import SystemPackage

/// The package's directory.
let packageRoot: FilePath = {
  var path = FilePath(#filePath)
  for _ in 0..<3 { path.removeLastComponent() }
  return path
}()

/// The suite, found once.
let suite = Result { try FixtureCatalog(at: packageRoot.appending("fixtures")) }

/// The reader as tests run it: damaged HDF5 files are parsed in a process of their own where it is built.
let reader: ReaderRunner = {
  var options = OpenOptions(formats: .all)
  let build = packageRoot.appending(".build")
  #if DEBUG
    let worker = build.appending("debug").appending("coppice-hdf5-worker")
  #else
    let worker = build.appending("release").appending("coppice-hdf5-worker")
  #endif
  if (try? FileDescriptor.open(worker, .readOnly))?.closeQuietly() == true {
    options.hdf5 = .worker(worker)
  }
  return ReaderRunner(options: options)
}()

extension FileDescriptor {
  fileprivate func closeQuietly() -> Bool {
    try? close()
    return true
  }
}

/// A JSON value of its text.
func json(_ text: String) throws -> JSON {
  try JSONDocument(parsing: Array(text.utf8), dialect: .python).root.json
}

/// A runner of the scripts beside the tests.
func script(_ name: String, seconds: Int = 60) -> CommandRunner {
  let path = packageRoot.appending("Tests/ConformanceTests/Runners").appending(name)
  let program = name.hasSuffix(".py") ? "python3" : "sh"
  return CommandRunner(command: "\(program) '\(path.string)'", seconds: seconds)
}
