import CoppiceModel

/// A leaf that is to be loaded, with the casts and cuts that loading applies.
struct PlannedLeaf: Sendable {
  /// The source of its elements, already cast, resized and cut.
  var source: any ArraySource
  /// The kind of value that its only element becomes; `nil` for an array.
  var value: ValueKind?
  /// The description of the saved leaf; `nil` where a value takes its place.
  var saved: KnownMetadata?

  /// The size in memory, in bytes.
  var byteCount: Int { source.byteCount }
}

extension PlannedLeaf {
  /// The reason why a saved leaf doesn't fit the request.
  struct Misfit: Error {
    var reason: StructureReport.Mismatch.Reason
    var message: String
  }

  /// Plans to load an array as requested.
  ///
  /// - Throws: A `Misfit`.
  init(
    _ whole: any ArraySource, as array: AbstractArray, _ options: TreeLoadOptions
  ) throws(Misfit) {
    let saved = (dtype: whole.dtype, shape: whole.shape)
    let dtype = array.dtype ?? saved.dtype
    let shape = array.shape ?? saved.shape
    let words = "\(dtype) \(shape) is asked for, \(saved.dtype) \(saved.shape) is saved"
    guard Cast.isSupported(from: saved.dtype, to: dtype, mode: options.castMode) else {
      throw Misfit(
        reason: .dtype, message: words + "; there is no cast in \(options.castMode) mode")
    }
    try Self.check(shape, saved.shape, options.resizing, words)
    let box = try Self.box(array.region, of: shape)
    do throws(CoppiceError) {
      var source = whole
      if dtype != saved.dtype {
        source = try CastingSource(source, to: dtype, mode: options.castMode)
      }
      if shape != saved.shape {
        let fill = try ScalarArray.element(options.resizing.padding ?? 0, dtype)
        source = try ResizingSource(source, to: shape, fill: fill)
      }
      if let box, box != ArrayBox(whole: shape) {
        source = try BoxSource(source, box: box)
      }
      self.init(source: source)
    } catch {
      // Only the fill element can fail here: the casts and shapes were checked above.
      throw Misfit(reason: .dtype, message: words + "; the fill: " + error.message)
    }
  }

  private static func check(
    _ asked: Shape, _ saved: Shape, _ resizing: TreeLoadOptions.Resizing, _ words: String
  ) throws(Misfit) {
    guard asked != saved else { return }
    guard asked.rank == saved.rank else {
      throw Misfit(reason: .shape, message: words + "; the number of dimensions never changes")
    }
    let pairs = zip(asked.dimensions, saved.dimensions)
    guard resizing.padding != nil || !pairs.contains(where: { $0 > $1 }) else {
      throw Misfit(reason: .shape, message: words + "; padding isn't allowed")
    }
    guard resizing.truncates || !pairs.contains(where: { $0 < $1 }) else {
      throw Misfit(reason: .shape, message: words + "; truncating isn't allowed")
    }
  }

  private static func box(
    _ region: AbstractArray.Region, of shape: Shape
  ) throws(Misfit) -> ArrayBox? {
    switch region {
    case .whole: return nil
    case .box(let box):
      guard box.isContained(in: shape) else {
        throw Misfit(
          reason: .box, message: "the box \(box) doesn't lie inside the shape \(shape)")
      }
      return box
    case .device(let device, let sharding):
      do throws(CoppiceError) {
        return try sharding.box(of: shape, onDevice: device)
      } catch {
        throw Misfit(reason: .box, message: error.message)
      }
    }
  }

  /// Plans to load a number as a value of a kind.
  ///
  /// - Parameters:
  ///   - source: The number: an array of no dimensions.
  ///   - kind: The kind of value that the request has.
  ///   - options: The options of the load, of which the cast mode counts here.
  ///
  /// - Throws: A `Misfit`.
  init(
    _ source: any ArraySource, as kind: ValueKind, _ options: TreeLoadOptions
  ) throws(Misfit) {
    let words = "\(kind.name) is asked for, \(source.dtype) \(source.shape) is saved"
    guard let dtype = kind.dtype(for: source.dtype), source.shape.rank == 0 else {
      throw Misfit(reason: .kind, message: words)
    }
    guard Cast.isSupported(from: source.dtype, to: dtype, mode: options.castMode),
      let cast = try? CastingSource(source, to: dtype, mode: options.castMode)
    else {
      throw Misfit(
        reason: .dtype, message: words + "; there is no cast in \(options.castMode) mode")
    }
    self.init(source: cast, value: kind)
  }
}
