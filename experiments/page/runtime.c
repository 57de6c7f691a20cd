/* What the compiled week needs of numba's runtime, for 32-bit WebAssembly.

   Numba folds its own offsets into the text it compiles: the address of an array's data stands at byte 24 of its owner,
   whatever the size of a pointer. So every field has 64 bits here. Memory is taken and never given back: the page puts
   the mark back before each call (`heap_from`), and a week takes a few kilobytes. */

typedef unsigned int u32;
typedef unsigned long long u64;

typedef struct {
  u64 references, destroy, destroy_with, data, size, external;
} Owner;

static u32 free_from;

/* Where memory is free from: behind the image and the tallies. */
void heap_from(u32 address) { free_from = address; }

static u32 take(u64 size, u32 align) {
  u32 address = (free_from + align - 1) & ~(align - 1);
  free_from = address + (u32)size;
  u32 pages = (free_from + 65535) / 65536, there = __builtin_wasm_memory_size(0);
  if (pages > there && __builtin_wasm_memory_grow(0, pages - there + 15) == (__SIZE_TYPE__)-1) __builtin_trap();
  return address;
}

void *NRT_MemInfo_alloc_aligned(u64 size, u32 align) {
  Owner *owner = (Owner *)take(sizeof(Owner), 16);
  owner->references = 1;
  owner->destroy = owner->destroy_with = owner->external = 0;
  owner->data = take(size, align < 16 ? 16 : align);
  owner->size = size;
  return owner;
}

void NRT_incref(void *owner) { (void)owner; }
void NRT_decref(void *owner) { (void)owner; }

/* The remainder of x / y with the sign of x, exact as IEEE 754 defines it: long division, bit by bit. */
static u64 bits_of(double x) {
  u64 bits;
  __builtin_memcpy(&bits, &x, 8);
  return bits;
}

/* The digits of a positive number as a whole one of 53 bits, and its exponent, below 1 for the smallest. */
static u64 whole(u64 bits, int *exponent) {
  u64 hidden = 1ULL << 52, digits = bits & (hidden - 1);
  *exponent = (int)(bits >> 52);
  if (*exponent) return digits | hidden;
  for (*exponent = 1; !(digits & hidden); --*exponent) digits <<= 1;
  return digits;
}

double fmod(double x, double y) {
  u64 sign = bits_of(x) & 1ULL << 63, a = bits_of(x) ^ sign, b = bits_of(y) & ~(1ULL << 63);
  u64 hidden = 1ULL << 52, infinite = 0x7ffULL << 52;
  if (!b || b > infinite || a >= infinite) return __builtin_nan("");
  if (a < b) return x;
  int ea, eb;
  u64 ma = whole(a, &ea), mb = whole(b, &eb);
  for (; ea > eb; ea--) {
    if (ma >= mb) ma -= mb;
    ma <<= 1;
  }
  if (ma >= mb) ma -= mb;
  if (ma) {
    for (; !(ma & hidden); ea--) ma <<= 1;
    ma = ea > 0 ? (ma & (hidden - 1)) | (u64)ea << 52 : ma >> (1 - ea);
  }
  u64 found = sign | ma;
  double result;
  __builtin_memcpy(&result, &found, 8);
  return result;
}
