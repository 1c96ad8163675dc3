// The English texts of the folder `corpora`, which the program carries: it is one file that works in
// any folder. C puts a file's bytes into a program; Swift has no means for it that builds as fast.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// The number of texts: `train.txt` and `held-out.txt` of stories, letters, encyclopedia, recipes.
enum { bundled_text_count = 8 };

/// The number of bytes of text `text`, from 0.
size_t bundled_text_size(int text);

/// Byte `index` of text `text`; a byte at a time, so that Swift needs no pointer.
uint8_t bundled_text_byte(int text, size_t index);
