// Writes a PNG file with a C or C++ library: encode_native ENCODER SOURCE.pnm OUT.png
// Exit code 2: the encoder does not support the picture; 3: the encoder is unknown or was not compiled in.
// make-corpus.sh compiles this file with the libraries that are installed (HAVE_...).
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>
#include <png.h>
#include <zlib.h>
#ifdef HAVE_LODEPNG
#include <lodepng.h>
#endif
#ifdef HAVE_SPNG
#include <spng.h>
#endif
#ifdef HAVE_STB
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>
#endif
#ifdef HAVE_MINIZ
#define MINIZ_NO_ZLIB_COMPATIBLE_NAMES
#include "miniz.h"
#endif
#ifdef HAVE_FPNGE
#include "fpnge.h"
#endif

using Bytes = std::vector<uint8_t>;

struct Picture {
  unsigned width = 0, height = 0, channels = 0, depth = 8;
  Bytes samples;  // 16-bit samples: most significant byte first
  size_t rowBytes() const { return samples.size() / height; }
};

static Picture readPnm(const char* path) {
  std::ifstream file(path, std::ios::binary);
  Picture picture;
  std::string kind;
  unsigned most = 255;
  file >> kind;
  if (kind == "P7") {
    for (std::string word; file >> word && word != "ENDHDR";) {
      if (word == "WIDTH") file >> picture.width;
      if (word == "HEIGHT") file >> picture.height;
      if (word == "DEPTH") file >> picture.channels;
      if (word == "MAXVAL") file >> most;
    }
  } else {
    picture.channels = kind == "P5" ? 1 : 3;
    file >> picture.width >> picture.height >> most;
  }
  file.get();
  picture.depth = most > 255 ? 16 : 8;
  picture.samples.assign(std::istreambuf_iterator<char>(file), {});
  return picture;
}

static void append(png_structp png, png_bytep data, png_size_t size) {
  auto* out = static_cast<Bytes*>(png_get_io_ptr(png));
  out->insert(out->end(), data, data + size);
}

/** Encodes with libpng. strategy and filters < 0: libpng's own choice. */
static Bytes withLibpng(const Picture& picture, int level, int strategy, int filters, bool interlaced) {
  static const int types[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGBA};
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &out, append, nullptr);
  png_set_IHDR(png, info, picture.width, picture.height, picture.depth, types[picture.channels],
               interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  png_set_compression_level(png, level);
  if (strategy >= 0) png_set_compression_strategy(png, strategy);
  if (filters >= 0) png_set_filter(png, PNG_FILTER_TYPE_BASE, filters);
  png_write_info(png, info);
  std::vector<png_bytep> rows;
  for (unsigned y = 0; y < picture.height; y++) {
    rows.push_back(const_cast<uint8_t*>(picture.samples.data()) + y * picture.rowBytes());
  }
  png_write_image(png, rows.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

#ifdef HAVE_LODEPNG
static Bytes withLodepng(const Picture& picture, bool best) {
  static const LodePNGColorType types[] = {LCT_GREY, LCT_GREY, LCT_GREY_ALPHA, LCT_RGB, LCT_RGBA};
  lodepng::State state;
  state.info_raw.colortype = types[picture.channels];
  state.info_raw.bitdepth = picture.depth;
  if (best) {
    state.encoder.zlibsettings.windowsize = 32768;
    state.encoder.zlibsettings.nicematch = 258;
    state.encoder.filter_strategy = LFS_ENTROPY;
  }
  Bytes out;
  if (lodepng::encode(out, picture.samples, picture.width, picture.height, state)) exit(2);
  return out;
}
#endif

#ifdef HAVE_SPNG
static Bytes withSpng(const Picture& picture, int level) {
  static const uint8_t types[] = {0, SPNG_COLOR_TYPE_GRAYSCALE, SPNG_COLOR_TYPE_GRAYSCALE_ALPHA, SPNG_COLOR_TYPE_TRUECOLOR,
                                  SPNG_COLOR_TYPE_TRUECOLOR_ALPHA};
  if (picture.depth == 16) exit(2);
  spng_ctx* context = spng_ctx_new(SPNG_CTX_ENCODER);
  spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1);
  spng_set_option(context, SPNG_IMG_COMPRESSION_LEVEL, level);
  spng_ihdr header = {picture.width, picture.height, 8, types[picture.channels], 0, 0, 0};
  spng_set_ihdr(context, &header);
  if (spng_encode_image(context, picture.samples.data(), picture.samples.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE)) exit(2);
  size_t size;
  int error;
  auto* data = static_cast<uint8_t*>(spng_get_png_buffer(context, &size, &error));
  return Bytes(data, data + size);
}
#endif

#ifdef HAVE_STB
static Bytes withStb(const Picture& picture, int level) {
  if (picture.depth == 16) exit(2);
  stbi_write_png_compression_level = level;
  int size;
  auto* data = stbi_write_png_to_mem(picture.samples.data(), 0, picture.width, picture.height, picture.channels, &size);
  return Bytes(data, data + size);
}
#endif

#ifdef HAVE_MINIZ
static Bytes withMiniz(const Picture& picture, int level) {
  if (picture.depth == 16) exit(2);
  size_t size;
  void* data = tdefl_write_image_to_png_file_in_memory_ex(picture.samples.data(), picture.width, picture.height,
                                                          picture.channels, &size, level, 0);
  return Bytes(static_cast<uint8_t*>(data), static_cast<uint8_t*>(data) + size);
}
#endif

#ifdef HAVE_FPNGE
static Bytes withFpnge(const Picture& picture, int level) {
  FPNGEOptions options;
  FPNGEFillOptions(&options, level, FPNGE_CICP_NONE);
  Bytes out(FPNGEOutputAllocSize(picture.depth / 8, picture.channels, picture.width, picture.height));
  out.resize(FPNGEEncode(picture.depth / 8, picture.channels, picture.samples.data(), picture.width, picture.rowBytes(),
                         picture.height, out.data(), &options));
  return out;
}
#endif

static Bytes encode(const std::string& encoder, const Picture& picture) {
  std::string name, option;
  std::istringstream words(encoder);
  std::getline(words, name, '-');
  std::getline(words, option);
  const int level = atoi(option.c_str());
  if (name == "libpng") {
    static const std::map<std::string, int> strategies = {
        {"huffman", Z_HUFFMAN_ONLY}, {"rle", Z_RLE}, {"fixed", Z_FIXED}, {"default", Z_DEFAULT_STRATEGY}};
    static const std::map<std::string, int> filters = {
        {"none", PNG_FILTER_NONE}, {"sub", PNG_FILTER_SUB}, {"up", PNG_FILTER_UP}, {"paeth", PNG_FILTER_PAETH}};
    const std::string variant = option.size() > 2 ? option.substr(2) : "";
    const auto strategy = strategies.find(variant);
    const auto filter = filters.find(variant);
    return withLibpng(picture, level, strategy == strategies.end() ? -1 : strategy->second,
                      filter == filters.end() ? -1 : filter->second, variant == "interlaced");
  }
#ifdef HAVE_LODEPNG
  if (name == "lodepng") return withLodepng(picture, option == "best");
#endif
#ifdef HAVE_SPNG
  if (name == "spng") return withSpng(picture, level);
#endif
#ifdef HAVE_STB
  if (name == "stb") return withStb(picture, level);
#endif
#ifdef HAVE_MINIZ
  if (name == "miniz") return withMiniz(picture, level);
#endif
#ifdef HAVE_FPNGE
  if (name == "fpnge") return withFpnge(picture, level);
#endif
  exit(3);
}

int main(int count, char** words) {
  if (count != 4) return 1;
  const Bytes out = encode(words[1], readPnm(words[2]));
  std::ofstream file(words[3], std::ios::binary);
  file.write(reinterpret_cast<const char*>(out.data()), static_cast<std::streamsize>(out.size()));
  return file.good() ? 0 : 1;
}
