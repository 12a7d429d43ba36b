import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceModel
import Synchronization
import SystemPackage

/// The HDF5 files of a tree while libhdf5 creates their datasets; the data are written later.
///
/// libhdf5 never moves bulk data: contiguous datasets are filled at their offsets once the files
/// are closed, and chunks are passed in encoded.
final class HDF5Skeleton: Sendable {
  private let opened: Mutex<[OpenFile]>
  private let directory: FilePath

  /// The alignment of datasets that have at least this many bytes.
  static let alignedBytes = 4096

  /// A reference to an open file, so that an array can hold it.
  final class OpenFile: Sendable {
    let name: String
    let file: CoppiceHDF5.File
    let root: Group

    init(_ path: FilePath, _ name: String) throws(HDF5Error) {
      self.name = name
      file = try CoppiceHDF5.File(
        creatingAt: path.string,
        layout: .init(alignmentThreshold: alignedBytes, alignment: alignedBytes))
      root = try file.root()
    }
  }

  /// Makes the files of the plan and records the offsets of contiguous blocks in the plan.
  init(_ plan: inout TreePlan, in directory: FilePath) throws(CoppiceError) {
    self.directory = directory
    var files: [OpenFile] = []
    for plan in plan.files {
      let name = DataFile.name(plan.number)
      do throws(HDF5Error) {
        let file = try OpenFile(directory.appending(name), name)
        files.append(file)
        try file.root.writeAttribute("format", text: RootDocument.format)
        try file.root.writeAttribute("version", text: FormatVersion.current.description)
      } catch {
        throw .hdf5(error, file: name)
      }
    }
    opened = Mutex(files)
    do throws(HDF5Error) {
      for index in plan.files.indices { try makeUnits(&plan, in: index) }
      let hasFirst = plan.files.first?.number == 0
      if hasFirst { try makeEmptyLeaves(plan) }
      for index in plan.files.indices { try makePacks(&plan, in: index) }
      if hasFirst, plan.document.hasGlobalViews { try makeViews(plan) }
      if hasFirst { try makeStructure(plan) }
    } catch {
      throw .hdf5(error, file: directory.lastComponent?.string ?? "")
    }
  }

  /// Flushes everything to the system, which gives chunks their final offsets.
  func flush() throws(CoppiceError) {
    for file in opened.withLock({ $0 }) {
      do throws(HDF5Error) {
        try file.file.flush()
      } catch {
        throw .hdf5(error, file: file.name)
      }
    }
  }

  /// Closes the files, which writes their metadata.
  func close() throws(CoppiceError) {
    // Releasing the owners closes the files; the flush before it surfaces errors.
    try flush()
    opened.withLock { $0 = [] }
  }

  /// Returns an open file by its index in the plan.
  func file(_ index: Int) -> OpenFile { opened.withLock { $0[index] } }

  /// Runs a closure with a unit's dataset.
  func withDataset<Result>(
    _ plan: TreePlan, _ unit: DataFilePlan.StorageUnit,
    _ body: (borrowing Dataset) throws(HDF5Error) -> Result
  ) throws(CoppiceError) -> Result {
    do throws(HDF5Error) {
      return try body(try file(unit.file).root.openDataset(plan.datasetPath(unit)))
    } catch {
      throw .hdf5(error, file: DataFile.name(plan.files[unit.file].number))
    }
  }
}
