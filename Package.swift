// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// The settings of `Sources`, where each expression that is not memory-safe says `unsafe`.
let strictSettings = settings + [.strictMemorySafety()]

/// A target of `Sources` and its tests, under the settings that every target shares.
func layer(
  _ name: String,
  on dependencies: [String] = [],
  fixtures: [String] = []
) -> [Target] {
  [
    .target(
      name: name,
      dependencies: dependencies.map { .byName(name: $0) },
      swiftSettings: strictSettings
    ),
    .testTarget(
      name: name + "Tests",
      dependencies: Set([name, "TestSupport", "InformationTheory"] + dependencies).sorted()
        .map { .byName(name: $0) },
      exclude: fixtures,
      swiftSettings: settings
    ),
  ]
}

// The pipeline, from the bottom up: each layer knows only the layers it names.
let package = Package(
  name: "perplex",
  products: [
    .executable(name: "perplex", targets: ["perplex"]),
    .library(name: "PerplexKit", targets: ["PerplexKit"]),
  ],
  targets: [
    .systemLibrary(name: "Prefetch", path: "Sources/Prefetch"),
    .systemLibrary(name: "RealFunctions", path: "Sources/RealFunctions"),
  ]
    + [.target(name: "CLibrary", swiftSettings: strictSettings)]
    + layer("Files", on: ["CLibrary", "Prefetch"])
    + layer("Records", on: ["Files"])
    + layer("Terminal", on: ["RealFunctions", "Files"])
    + layer("InformationTheory", on: ["RealFunctions"], fixtures: ["Fixtures"])
    + layer("Statistics", on: ["RealFunctions", "Files", "InformationTheory"])
    + layer("Tokenization", on: ["Files", "Records"])
    + layer("BytePrediction", on: ["RealFunctions", "CLibrary", "Prefetch", "Files"])
    + layer(
      "LanguageModels",
      on: ["RealFunctions", "Files", "Records", "Tokenization", "BytePrediction"]
    )
    + layer(
      "Perplexity",
      on: [
        "RealFunctions", "Files", "Records", "InformationTheory", "Statistics", "Tokenization",
        "LanguageModels",
      ]
    )
    + layer(
      "ExternalModels",
      on: [
        "RealFunctions", "Files", "Records", "Tokenization", "LanguageModels", "Perplexity",
      ],
      fixtures: ["Fixtures"]
    )
    + layer(
      "Compression",
      on: ["Files", "Records", "Tokenization", "BytePrediction", "LanguageModels"]
    )
    + layer("Pages", on: ["RealFunctions"])
    + [.target(name: "BundledTexts")]
    + layer(
      "PerplexKit",
      on: ["Files", "Statistics", "Tokenization", "LanguageModels", "Perplexity"]
    )
    + layer(
      "Lesson",
      on: [
        "RealFunctions", "Files", "Records", "Terminal", "InformationTheory", "Statistics",
        "Tokenization", "BytePrediction", "LanguageModels", "Perplexity", "Pages",
      ]
    )
    + layer(
      "PerplexCommands",
      on: [
        "RealFunctions", "BundledTexts", "Files", "Records", "Terminal", "InformationTheory",
        "Statistics", "Tokenization", "BytePrediction", "LanguageModels", "Perplexity",
        "ExternalModels", "Compression", "Pages", "Lesson",
      ]
    )
    + [
      .executableTarget(
        name: "perplex",
        dependencies: ["PerplexCommands", "Terminal"],
        swiftSettings: strictSettings
      ),
      .executableTarget(
        name: "PerplexBenchmarks",
        dependencies: [
          "Files", "Records", "Terminal", "InformationTheory", "Tokenization", "BytePrediction",
          "LanguageModels", "Perplexity", "Statistics",
        ],
        exclude: ["baseline.tsv"],
        swiftSettings: strictSettings
      ),
      .target(
        name: "TestSupport",
        dependencies: ["InformationTheory"],
        path: "Tests/TestSupport",
        swiftSettings: settings
      ),
      .testTarget(
        name: "PerplexBenchmarksTests",
        dependencies: [
          "PerplexBenchmarks", "TestSupport", "BytePrediction", "InformationTheory",
          "LanguageModels", "Perplexity", "Statistics", "Tokenization",
        ],
        swiftSettings: settings
      ),
      .testTarget(
        name: "GoldenTests",
        dependencies: ["TestSupport", "Files", "Tokenization", "LanguageModels", "Perplexity"],
        exclude: ["Fixtures"],
        swiftSettings: settings
      ),
    ]
)
