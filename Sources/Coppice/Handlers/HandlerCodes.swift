public import CoppiceModel

extension CoppiceError.Code {
  /// A handler or an object that saves itself threw an error: it is the cause.
  public static let handlerFailed = Self(rawValue: "handler.failed")
  /// No handler takes a value of this type, or understands this request.
  public static let handlerNone = Self(rawValue: "handler.none")
}
