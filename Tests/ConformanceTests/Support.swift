import Coppice
import CoppiceConformance
import CoppiceFiles
import CoppiceInterop
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import SystemPackage

/// The suite, found once.
let suite = Result { try FixtureCatalog(at: Specification.package.appending("fixtures")) }

/// The reader as tests run it: damaged HDF5 files are parsed in a process of their own where it is built.
let reader: ReaderRunner = {
  var options = OpenOptions(formats: .all)
  if let worker = BuiltProgram.worker { options.hdf5 = .worker(worker) }
  return ReaderRunner(options: options)
}()

/// A JSON value of its text.
func json(_ text: String) throws -> JSON {
  try JSONDocument(parsing: Array(text.utf8), dialect: .python).root.json
}

/// A runner of the scripts beside the tests.
func script(_ name: String, seconds: Int = 60) -> CommandRunner {
  let path = Specification.package.appending("Tests/ConformanceTests/Runners").appending(name)
  let program = name.hasSuffix(".py") ? "python3" : "sh"
  return CommandRunner(command: "\(program) '\(path.string)'", seconds: seconds)
}
