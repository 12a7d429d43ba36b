import CoppiceModel
import Synchronization

/// The boxes of a tensor, each an entry of its own, which is opened when it is read.
final class StoredParts: ArrayParts {
  private let store: EntryStore
  private let key: String
  private let dtype: DType
  private let boxes: BoxTable
  private let entries: [StoredEntry]

  /// The opened parts and the memory that they take.
  private let opened = Mutex<(parts: [Int: any ArraySource], byteCount: Int)>(([:], 0))

  /// The memory from which parts are opened again.
  private static let mostBytes = 64 << 20
  private static let bytesPerPart = 1 << 10

  /// Makes parts; the entries are those of the boxes, in this order.
  init(
    of key: String, dtype: DType, boxes: BoxTable, entries: [StoredEntry], in store: EntryStore
  ) {
    self.key = key
    self.dtype = dtype
    self.boxes = boxes
    self.entries = entries
    self.store = store
  }

  func source(of part: Int) throws(CoppiceError) -> any ArraySource {
    if let source = opened.withLock({ $0.parts[part] }) { return source }
    let source = try store.tensor(key, entries[part], dtype: dtype, shape: boxes[part].shape)
    // A transformed part lies in memory.
    let count = Self.bytesPerPart + (entries[part].transforms == nil ? 0 : source.byteCount)
    return opened.withLock { opened in
      // Another thread may have opened it meanwhile; one of the two has the checksum.
      if let other = opened.parts[part] { return other }
      if opened.byteCount + count > Self.mostBytes { opened = ([:], 0) }
      opened.parts[part] = source
      opened.byteCount += count
      return source
    }
  }

  func place(of part: Int) -> StoredPlace? { store.place(of: entries[part]) }
}
