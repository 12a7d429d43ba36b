import CoppiceHDF5Inspection
import CoppiceHDF5Tree
import CoppiceModel

/// Reads what the worker says of an HDF5 file, a file `outline.json`, and opens the file by it: Keras, MATLAB and
/// netCDF, whose attributes say what objects are, among them.
enum HDF5OutlineFuzzing {
  static func run(_ bytes: [UInt8]) {
    let files = FileList(bytes).files
    guard let outline = files.first(where: { $0.name == "outline.json" })?.bytes else { return }
    let data = files.first { $0.name == "m.h5" }?.bytes ?? []
    do throws(CoppiceError) {
      let outline = try FileOutline(json: outline, limits: CheckpointProbe.limits)
      guard try FileOutline(json: outline.json()) == outline else {
        fail("an outline that reads as another")
      }
      for choices in [[], [.sequences, .raw]] as [ElementChoices] {
        let contents = try HDF5TreeFormat.open(
          outline, in: MemoryBytes(data), name: "m.h5", choices: choices,
          limits: CheckpointProbe.limits)
        var probe = ContentProbe()
        probe.visit(contents)
        for warning in contents.allWarnings { check(warning) }
      }
    } catch {
      check(error)
    }
  }
}
