import CoppiceFiles
import CoppiceModel

/// Where descriptions and chunks go.
protocol ArraySink: AnyObject {
  /// Stores a whole value.
  func put(_ key: StoreKey, _ bytes: RawSpan) throws(CoppiceError)

  /// Makes room for a value that is written later; `nil` where that can't be.
  func reserve(_ key: StoreKey, byteCount: Int) throws(CoppiceError) -> OutputRange?

  /// Takes the room that was reserved so far; what isn't written there is zero.
  func allocate() throws(CoppiceError)
}
