/* A GConverter that converts nothing. See the header. */
#include "core/store/meter.h"

#include <string.h>

struct _StewardMeter
{
  GObject parent_instance;

  GChecksum *checksum; /* owned */
  StewardProgress *progress;
  guint64 expected_bytes;
  guint64 bytes;
};

static void steward_meter_converter_init (GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StewardMeter,
                               steward_meter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER,
                                                      steward_meter_converter_init))

static GConverterResult
steward_meter_convert (GConverter *converter,
                       const void *input,
                       gsize input_size,
                       void *output,
                       gsize output_size,
                       GConverterFlags flags,
                       gsize *bytes_read,
                       gsize *bytes_written,
                       GError **error)
{
  StewardMeter *self = STEWARD_METER (converter);
  gsize length = MIN (input_size, output_size);

  *bytes_read = *bytes_written = length;
  if (length > 0)
    {
      memcpy (output, input, length);
      g_checksum_update (self->checksum, input, (gssize)length);
      self->bytes += length;
      if (self->progress != NULL)
        steward_progress_set_fraction (self->progress,
                                       (double)self->bytes / MAX (self->expected_bytes, 1));
    }
  if (length < input_size)
    return G_CONVERTER_CONVERTED;
  if (flags & G_CONVERTER_INPUT_AT_END)
    return G_CONVERTER_FINISHED;
  if (flags & G_CONVERTER_FLUSH)
    return G_CONVERTER_FLUSHED;
  if (length > 0)
    return G_CONVERTER_CONVERTED;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "no input");
  return G_CONVERTER_ERROR;
}

static void
steward_meter_reset (GConverter *converter)
{
  StewardMeter *self = STEWARD_METER (converter);

  g_checksum_reset (self->checksum);
  self->bytes = 0;
}

static void
steward_meter_converter_init (GConverterIface *iface)
{
  iface->convert = steward_meter_convert;
  iface->reset = steward_meter_reset;
}

StewardMeter *
steward_meter_new (guint64 expected_bytes, StewardProgress *progress)
{
  StewardMeter *self = g_object_new (STEWARD_TYPE_METER, NULL);

  self->expected_bytes = expected_bytes;
  self->progress = progress;
  return self;
}

guint64
steward_meter_get_bytes (StewardMeter *self)
{
  return self->bytes;
}

const char *
steward_meter_get_sha256 (StewardMeter *self)
{
  return g_checksum_get_string (self->checksum);
}

static void
steward_meter_finalize (GObject *object)
{
  g_checksum_free (STEWARD_METER (object)->checksum);
  G_OBJECT_CLASS (steward_meter_parent_class)->finalize (object);
}

static void
steward_meter_class_init (StewardMeterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = steward_meter_finalize;
}

static void
steward_meter_init (StewardMeter *self)
{
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
}
