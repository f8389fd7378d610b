// The element-wise operations of the photo network, fused; PyTorch's own need as much time as all products. Activations
// are bfloat16, the residual stream and its gradient f32. Needs AVX-512 with bfloat16.
#include <immintrin.h>
#include <mutex>
#include <torch/extension.h>
#include <vector>

namespace {

constexpr float LEAK = 0.1f;
constexpr int LANES = 16;
constexpr int64_t GRAIN = 1024; // pixels a thread takes at once

struct Bf16 {
  uint16_t* data;
  explicit Bf16(const at::Tensor& t) : data(reinterpret_cast<uint16_t*>(t.data_ptr<at::BFloat16>())) {}
  __m512 load(int64_t at) const {
    const __m256i half = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + at));
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(half), 16));
  }
  void store(int64_t at, __m512 v) const {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(data + at), reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(v)));
  }
};

__m512 leaky(__m512 v) { return _mm512_max_ps(v, _mm512_mul_ps(v, _mm512_set1_ps(LEAK))); }

// A leaky ReLU keeps the sign, so its output tells the slope.
__m512 by_slope(__m512 gradient, __m512 output) {
  const __mmask16 below = _mm512_cmp_ps_mask(output, _mm512_setzero_ps(), _CMP_LE_OQ);
  return _mm512_mask_mul_ps(gradient, below, gradient, _mm512_set1_ps(LEAK));
}

// Where pixel n is stored: in images [side][side], or with a margin for the causal convolution, [side + 1][side + 2].
struct Place {
  int64_t side; // 0: no margin
  int64_t operator()(int64_t n) const {
    if (side == 0) return n;
    const int64_t y = n / side, image = y / side;
    return (image * (side + 1) + y % side + 1) * (side + 2) + n % side + 1;
  }
};

// Calls visit(pixel, sums) for all pixels and adds the sums of all threads to `totals` [features].
template <typename Visit> void sum_over(int64_t pixels, const at::Tensor& totals, const Visit& visit) {
  const int64_t features = totals.size(0);
  float* total = totals.data_ptr<float>();
  std::mutex lock;
  at::parallel_for(0, pixels, GRAIN, [&](int64_t from, int64_t to) {
    std::vector<float> sums(features);
    for (int64_t n = from; n < to; n++) visit(n, sums.data());
    const std::lock_guard<std::mutex> guard(lock);
    for (int64_t f = 0; f < features; f++) total[f] += sums[f];
  });
}

void add_to(float* sums, __m512 v) { _mm512_storeu_ps(sums, _mm512_add_ps(v, _mm512_loadu_ps(sums))); }

} // namespace

// x += branch, and out = leaky(x), with a margin if side > 0. x f32 [n, features], branch and out bfloat16.
void add_and_activate(at::Tensor x, at::Tensor branch, at::Tensor out, int64_t side) {
  const int64_t features = x.size(1);
  const Bf16 b(branch), o(out);
  const Place place{side};
  float* stream = x.data_ptr<float>();
  at::parallel_for(0, x.size(0), GRAIN, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      for (int64_t f = 0; f < features; f += LANES) {
        const int64_t at = n * features + f;
        const __m512 sum = _mm512_add_ps(_mm512_loadu_ps(stream + at), b.load(at));
        _mm512_storeu_ps(stream + at, sum);
        o.store(place(n) * features + f, leaky(sum));
      }
    }
  });
}

// x = leaky(x), bfloat16.
void activate(at::Tensor x) {
  const Bf16 values(x);
  at::parallel_for(0, x.numel() / LANES, GRAIN * LANES, [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; i++) values.store(i * LANES, leaky(values.load(i * LANES)));
  });
}

// stream += gradient * slope(output), also as bfloat16 in `copy`; sums += that over pixels. `gradient` and `output` have
// the margin if side > 0.
void add_gradient(at::Tensor stream, at::Tensor gradient, at::Tensor output, at::Tensor copy, at::Tensor sums, int64_t side) {
  const int64_t features = stream.size(1);
  const Bf16 g(gradient), o(output), c(copy);
  const Place place{side};
  float* total = stream.data_ptr<float>();
  sum_over(stream.size(0), sums, [&](int64_t n, float* sum) {
    const int64_t from = place(n) * features;
    for (int64_t f = 0; f < features; f += LANES) {
      const int64_t at = n * features + f;
      const __m512 v = _mm512_add_ps(by_slope(g.load(from + f), o.load(from + f)), _mm512_loadu_ps(total + at));
      _mm512_storeu_ps(total + at, v);
      c.store(at, v);
      add_to(sum + f, v);
    }
  });
}

// gradient *= slope(output), bfloat16; sums += that over pixels.
void through_activation(at::Tensor gradient, at::Tensor output, at::Tensor sums) {
  const int64_t features = gradient.size(1);
  const Bf16 g(gradient), o(output);
  sum_over(gradient.size(0), sums, [&](int64_t n, float* sum) {
    for (int64_t f = 0; f < features; f += LANES) {
      const int64_t at = n * features + f;
      const __m512 v = by_slope(g.load(at), o.load(at));
      g.store(at, v);
      add_to(sum + f, v);
    }
  });
}

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("add_and_activate", &add_and_activate);
  m.def("activate", &activate);
  m.def("add_gradient", &add_gradient);
  m.def("through_activation", &through_activation);
}
