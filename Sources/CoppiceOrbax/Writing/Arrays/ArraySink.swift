import CoppiceFiles
import CoppiceModel
import CoppiceZarr

/// A destination for the descriptions and chunks of arrays.
protocol ArraySink: AnyObject {
  /// Stores a whole value.
  func put(_ key: StoreKey, _ bytes: RawSpan) throws(CoppiceError)

  /// Reserves room for a value that is written later; returns `nil` where that is impossible.
  func reserve(_ key: StoreKey, byteCount: Int) throws(CoppiceError) -> OutputRange?

  /// Allocates the room reserved so far; bytes that aren't written there are zero.
  func allocate() throws(CoppiceError)

  /// Ends the storing of values, and returns what was stored.
  func close() throws(CoppiceError) -> StoredValues
}
