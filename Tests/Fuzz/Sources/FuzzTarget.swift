import CoppiceInterop
import CoppiceModel

/// A parser, and what makes its input of libFuzzer's bytes.
package struct FuzzTarget: Sendable {
  package let name: String

  /// Reads an input; a wrong result ends the process.
  package let run: @Sendable ([UInt8]) -> Void

  /// The target that runs, which is set once, before libFuzzer starts.
  nonisolated(unsafe) package static var chosen: FuzzTarget?

  /// All targets.
  package static let all: [FuzzTarget] = [
    FuzzTarget(name: "json", run: JSONFuzzing.run),
    FuzzTarget(name: "msgpack", file: "a.msgpack", reader: "flax-msgpack"),
    FuzzTarget(name: "safetensors", file: "a.safetensors", reader: "safetensors"),
    FuzzTarget(name: "safetensors-set", reader: "safetensors"),
    FuzzTarget(name: "gguf", file: "a.gguf", reader: "gguf"),
    FuzzTarget(name: "npy", file: "a.npy", reader: "npy"),
    FuzzTarget(name: "npz", file: "a.npz", reader: "npz", repair: ZipRepair.checksums),
    FuzzTarget(name: "zip", file: "a.pt", reader: "pytorch", repair: ZipRepair.checksums),
    FuzzTarget(name: "pickle", file: "a.pt", reader: "pytorch", repair: ZipRepair.archive),
    FuzzTarget(name: "legacy", file: "a.pt", reader: "pytorch"),
    FuzzTarget(name: "dcp", reader: "pytorch-dcp"),
    FuzzTarget(name: "zarr", run: ZarrFuzzing.run),
    FuzzTarget(name: "zarr-group", reader: "zarr"),
    FuzzTarget(name: "zarr-zip", file: "a.zip", reader: "zarr", repair: ZipRepair.checksums),
    FuzzTarget(name: "ocdbt", run: OCDBTFuzzing.run),
    FuzzTarget(name: "orbax", reader: "orbax"),
    FuzzTarget(name: "hdf5-index", run: HDF5IndexFuzzing.run),
    FuzzTarget(name: "hdf5-outline", run: HDF5OutlineFuzzing.run),
    FuzzTarget(name: "transform", run: TransformFuzzing.run),
  ]
}

extension FuzzTarget {
  /// A target whose input is one file.
  ///
  /// - Parameter repair: Makes checksums right again, without which a changed file is refused at once.
  init(
    name: String, file: String, reader: String,
    repair: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
  ) {
    self.init(name: name) { bytes in
      let scratch = Scratch.shared
      scratch.write([(file, repair(bytes))])
      CheckpointProbe(reader).run(scratch.path.appending(file), seed: bytes)
    }
  }

  /// A target whose input is the files of a directory (see `FileList`).
  init(name: String, reader: String) {
    self.init(name: name) { bytes in
      let scratch = Scratch.shared
      scratch.write(FileList(bytes).files)
      CheckpointProbe(reader).run(scratch.path, seed: bytes)
    }
  }
}

/// Ends the process, so that libFuzzer keeps the input.
func fail(_ what: String) -> Never {
  fatalError("wrong: \(what)")
}
