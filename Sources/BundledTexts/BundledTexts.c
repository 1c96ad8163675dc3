#include "BundledTexts.h"

// `#embed` is of C23, and clang has it for every C.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t stories_train[] = {
#embed "../../corpora/stories/train.txt"
};
static const uint8_t stories_held_out[] = {
#embed "../../corpora/stories/held-out.txt"
};
static const uint8_t letters_train[] = {
#embed "../../corpora/letters/train.txt"
};
static const uint8_t letters_held_out[] = {
#embed "../../corpora/letters/held-out.txt"
};
static const uint8_t encyclopedia_train[] = {
#embed "../../corpora/encyclopedia/train.txt"
};
static const uint8_t encyclopedia_held_out[] = {
#embed "../../corpora/encyclopedia/held-out.txt"
};
static const uint8_t recipes_train[] = {
#embed "../../corpora/recipes/train.txt"
};
static const uint8_t recipes_held_out[] = {
#embed "../../corpora/recipes/held-out.txt"
};

static const struct {
  const uint8_t *bytes;
  size_t size;
} texts[bundled_text_count] = {
  {stories_train, sizeof stories_train},
  {stories_held_out, sizeof stories_held_out},
  {letters_train, sizeof letters_train},
  {letters_held_out, sizeof letters_held_out},
  {encyclopedia_train, sizeof encyclopedia_train},
  {encyclopedia_held_out, sizeof encyclopedia_held_out},
  {recipes_train, sizeof recipes_train},
  {recipes_held_out, sizeof recipes_held_out},
};

size_t bundled_text_size(int text) { return texts[text].size; }

uint8_t bundled_text_byte(int text, size_t index) { return texts[text].bytes[index]; }
