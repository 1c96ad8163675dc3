import Foundation

/// The folders of this package.
package enum PackageFolder {
  /// The folder of `Package.swift`.
  package static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The bundled texts.
  package static let corpora = root + "/corpora"

  /// The output of other tools; its `README.md` has their commands.
  package static let golden = root + "/Tests/GoldenTests/Fixtures"
}
