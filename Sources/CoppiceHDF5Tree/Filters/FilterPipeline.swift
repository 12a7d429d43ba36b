import CoppiceHDF5
import CoppiceModel

/// The filters of a dataset, checked before any chunk is read.
struct FilterPipeline: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case shuffle(width: Int)
    case fletcher32
    case deflate
    case lzf
    case zstd

    /// The filter's name in listings.
    var name: String {
      switch self {
      case .shuffle: "shuffle"
      case .fletcher32: "fletcher32"
      case .deflate: "gzip"
      case .lzf: "lzf"
      case .zstd: "zstd"
      }
    }
  }

  /// The filters in the order in which the writer applied them.
  let steps: [Step]
  /// The size of a chunk's elements in bytes.
  let plainBytes: Int

  private static let maximumSteps = 32

  /// Checks and takes over a dataset's filters.
  ///
  /// - Throws: `hdf5.unsupported-filter` with the filter's name.
  init(_ filters: [Filter], plainBytes: Int, elementWidth: Int) throws(CoppiceError) {
    var steps: [Step] = []
    var compressions = 0
    for filter in filters {
      switch filter.identifier {
      case 1: steps.append(.deflate)
      case 2:
        let width = filter.values.first.map { Int($0) } ?? elementWidth
        steps.append(.shuffle(width: max(width, 1)))
      case 3: steps.append(.fletcher32)
      case 32000: steps.append(.lzf)
      case 32015: steps.append(.zstd)
      default: throw Self.unsupported(Self.name(of: filter.identifier))
      }
      if [1, 32000, 32015].contains(filter.identifier) { compressions += 1 }
    }
    guard compressions <= 1, steps.count <= Self.maximumSteps else {
      throw Self.unsupported("compressed more than once")
    }
    self.steps = steps
    self.plainBytes = plainBytes
  }

  /// Returns whether the filters, except those left out, change a chunk's bytes.
  func codes(leavingOut mask: UInt32) -> Bool {
    steps.indices.contains { mask & (1 << UInt32($0)) == 0 }
  }

  /// The most bytes of elements in a coded chunk: each thread decodes a whole one in memory.
  static let maximumPlainBytes = 64 << 20

  /// The most bytes of a coded chunk: compression that gains nothing adds a few.
  var maximumCodedBytes: Int { plainBytes + plainBytes / 8 + 4096 }

  private static func unsupported(_ what: String) -> CoppiceError {
    CoppiceError(
      .hdf5UnsupportedFilter,
      "the chunks are \(what), which is not read here; h5repack -f GZIP=1 makes a file that is")
  }

  /// Returns a filter's name; the numbers are registered with the HDF Group.
  private static func name(of identifier: Int32) -> String {
    switch identifier {
    case 4: "coded by szip (filter 4)"
    case 5: "packed by nbit (filter 5)"
    case 6: "coded by scale-offset (filter 6)"
    case 307: "compressed by bzip2 (filter 307)"
    case 32001: "compressed by Blosc (filter 32001)"
    case 32004: "compressed by LZ4 (filter 32004)"
    case 32008: "coded by bitshuffle (filter 32008)"
    case 32013: "compressed by ZFP (filter 32013)"
    case 32026: "compressed by Blosc2 (filter 32026)"
    default: "coded by filter \(identifier)"
    }
  }
}
