import Coppice
import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
import CoppiceOrbax
import SystemPackage

/// The writer of checkpoints that every Orbax since 0.6 loads, on any devices.
package struct OrbaxFormatWriter: BuiltInFormatWriter {
  /// The layout of one checkpoint.
  package enum Version: Hashable, Sendable {
    /// Named checkpointables.
    case version1
    /// One unnamed tree, as `StandardCheckpointer` saved it.
    case version0Direct
  }

  private let version: Version

  package init(_ version: Version) { self.version = version }

  package var name: String { version == .version1 ? "orbax" : "orbax-v0" }

  package let reader = "orbax"
  package let isDivided = true

  package var abilities: FormatAbilities {
    var features = Set(FormatAbilities.Feature.allCases)
    features.subtract([
      .integerKeys, .largeIntegers, .complexNumbers, .bytes, .textArrays, .composites,
      .tiedArrays,
    ])
    if version == .version0Direct {
      features.subtract([.namedCheckpointables, .jsonCheckpointables, .fileCheckpointables])
    }
    return FormatAbilities(
      features, dtypes: DType.allCases.filter { ![.uint2, .uint4, .float8_e4m3].contains($0) },
      compressions: [.zstd], splits: true,
      layouts: OrbaxWriteOptions.Store.allCases.map(\.rawValue),
      chunks: true)
  }

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    var plan = try planUnnumbered(contents, options: options)
    if contents.step != nil {
      plan.notes.append(.init(.metadata, "the step is left out: only a run of steps has one"))
    }
    return plan
  }

  private func planUnnumbered(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    guard version == .version0Direct else {
      let plan = try OrbaxPlan(
        writing: try contents.whole(), options: choices(options, .version1))
      return OutputPlan(plan, notes: plan.notes, options)
    }
    let single = try SingleTree(of: contents, for: name, keepsMetrics: true)
    let plan = try OrbaxPlan(writing: single.contents, options: choices(options, .version0Direct))
    return OutputPlan(plan, notes: plan.notes + single.notes, options)
  }

  package func planStep(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    guard version == .version1 else { return try planUnnumbered(contents, options: options) }
    let plan = try OrbaxPlan(
      writing: try contents.whole(), options: choices(options, .managedStep))
    return OutputPlan(plan, notes: plan.notes, options)
  }

  package func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan? {
    guard let rootMetadata else { return RunPlan() }
    let bytes = try OrbaxRunDocument.encoded(rootMetadata)
    return RunPlan(documents: [.init(path: OrbaxRunDocument.path, bytes: bytes)])
  }

  private func choices(
    _ options: OutputOptions, _ layout: OrbaxWriteOptions.Layout
  ) -> OrbaxWriteOptions {
    var choices = OrbaxWriteOptions()
    choices.layout = layout
    choices.store = options.layout.flatMap(OrbaxWriteOptions.Store.init) ?? .database
    choices.nameOfUnnamed = options.coppice.nameOfUnnamed
    choices.maximumFileBytes = options.maximumFileBytes
    // Chunks that can't be compressed grow a little.
    if let limit = options.maximumFileBytes {
      choices.chunkBytes = min(choices.chunkBytes, max(limit - limit / 128 - 1024, 1))
    }
    choices.durability = options.durability
    choices.now = options.coppice.now
    if !options.chunks.isEmpty {
      choices.chunkShapes = { (path, shape) in options.chunk(at: path, shape) }
    }
    switch options.compression {
    case CompressionChoice.uncompressed?: choices.zstdLevel = nil
    // The defaults of Orbax: level 1 with zarr 2, level 3 with zarr 3.
    case .zstd(level: nil)?, .gzip?, nil: choices.zstdLevel = layout == .version0Direct ? 1 : 3
    case .zstd(let level?)?: choices.zstdLevel = level
    }
    return choices
  }
}

extension OutputPlan {
  /// Makes the plan of a directory.
  fileprivate init(_ plan: OrbaxPlan, notes: [ConversionNote], _ options: OutputOptions) {
    var notes = notes
    if let limit = options.maximumFileBytes {
      for leaf in plan.leaves {
        // Other chunks are as small as the limit asks.
        let bytes = options.chunk(at: leaf.path, leaf.shape).flatMap {
          $0.byteCount(of: leaf.dtype)
        }
        if let bytes, bytes > limit {
          notes.addOversize(bytes, limit: limit, at: leaf.path.description)
        }
      }
    }
    self.init(
      isDirectory: true,
      leaves: plan.leaves.map { leaf in
        var planned = PlannedArray(
          checkpointable: leaf.checkpointable, path: leaf.path.description, dtype: leaf.dtype,
          shape: leaf.shape)
        planned.chunk = options.chunk(at: leaf.path, leaf.shape)
        return planned
      },
      files: plan.files.map { PlannedFile($0.path, byteCount: $0.byteCount) }, notes: notes
    ) { (path, monitor) throws(CoppiceError) in
      try plan.write(to: path, monitor: monitor)
    }
    divided = { OrbaxGroupWriter(plan, group: $0) }
  }
}
