import CoppiceModel

/// The target names of formats that can't be written.
///
/// Without this check, the target `model.onnx` would become a directory, which hardly any user wants.
enum UnwritableName {
  private static let endings: [(endings: [String], name: String)] = [
    ([".pkl", ".pickle"], "pickles"), ([".npy"], "NumPy files of one array"),
    ([".gguf", ".ggml"], "GGUF files"),
    ([".keras"], "Keras archives"), ([".nc", ".nc4"], "netCDF files"), ([".mat"], "MATLAB files"),
    ([".onnx"], "ONNX files"), ([".zarr"], "zarr arrays"),
    ([".pb", ".tflite"], "TensorFlow files"),
    ([".tar", ".gz", ".tgz", ".zip", ".zst", ".7z"], "archives"),
    ([".parquet", ".csv", ".txt", ".yaml", ".toml", ".xml"], "files of this kind"),
  ]

  /// Refuses a target name that belongs to such a format.
  ///
  /// - Throws: `usage.choice`.
  static func check(_ path: String) throws(CoppiceError) {
    let lowercase = path.lowercased()
    if lowercase.hasSuffix(".json") {
      throw refusal(
        path, "JSON files can't be written; a JSON checkpointable is loaded from the checkpoint")
    }
    if [".bin", ".ckpt"].contains(where: { lowercase.hasSuffix($0) }) {
      throw refusal(
        path, "files of this name have several formats; give `format` pytorch for one of PyTorch")
    }
    for kind in endings where kind.endings.contains(where: { lowercase.hasSuffix($0) }) {
      throw refusal(
        path,
        "\(kind.name) can't be written yet; formats written: \(FormatWriters.names)")
    }
  }

  private static func refusal(_ path: String, _ message: String) -> CoppiceError {
    CoppiceError(
      .usageChoice, message + "; give `format` coppice to use this name for a directory",
      at: .init(file: path))
  }
}
