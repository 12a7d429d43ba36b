// A state is written as a Swift literal: `["w": .array([1, 2, 3] as [Float]), "step": 7]`.

// There is no literal `nil`: in the place of a `Tree?` it would sometimes mean a node that is `none`.

extension Tree: ExpressibleByDictionaryLiteral {
  /// Makes a dictionary with its entries in order.
  ///
  /// - Precondition: No two keys are equal, as in dictionary literals of Swift.
  public init(dictionaryLiteral entries: (TreeKey, Tree)...) {
    precondition(
      TreeKey.areDistinct(count: entries.count) { entries[$0].0 },
      "a dictionary literal has two equal keys")
    self = .dict(entries.map { Entry($0.0, $0.1) })
  }
}

extension Tree: ExpressibleByArrayLiteral {
  /// Makes a list of its elements; numbers that are to be one array are written as `.array([1, 2])`.
  public init(arrayLiteral elements: Tree...) { self = .list(elements) }
}

extension Tree: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByStringInterpolation
{
  /// Makes an integer.
  public init(integerLiteral value: Int128) { self = .value(TreeValue(integerLiteral: value)) }

  /// Makes a 64-bit floating-point number.
  public init(floatLiteral value: Double) { self = .value(TreeValue(floatLiteral: value)) }

  /// Makes `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .value(.bool(value)) }

  /// Makes a text.
  public init(stringLiteral value: String) { self = .value(.string(value)) }
}

extension Tree {
  /// Python's `None`.
  public static var null: Tree { .value(.null) }
}

extension Tree where Leaf == NDArray {
  /// Makes a leaf of numbers, or of rows of numbers, in a literal: `.array([[1, 2], [3, 4]] as [[Float]])`.
  ///
  /// As in NumPy, numbers without a type are 64-bit. For elements that come from elsewhere, make an
  /// `NDArray`, which throws what this traps on, and put it into `.leaf`.
  ///
  /// - Parameters:
  ///   - elements: The numbers, or rows of numbers.
  ///   - shape: The extents; `nil` for those of the nesting. The elements are taken in C order.
  /// - Precondition: Rows are of equal lengths, the shape has as many elements, and memory suffices.
  public static func array<Element: NestedElements>(
    _ elements: [Element], shape: Shape? = nil
  ) -> Tree {
    do throws(CoppiceError) {
      return .leaf(try NDArray(elements, shape: shape))
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
