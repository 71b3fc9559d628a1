"""`keras.ops.image`."""
from keras.src.keras_tensor import public
from keras.src.ops import image as _image

_names = ("resize", "pad_images", "crop_images", "rgb_to_grayscale", "extract_patches", "gaussian_blur", "hsv_to_rgb", "rgb_to_hsv",
          "affine_transform", "map_coordinates", "perspective_transform", "elastic_transform", "scale_and_translate", "sobel_edges", "ssim",
          "extract_patches_3d")


def __getattr__(name):
    if name not in _names:
        raise AttributeError(f"module 'keras.ops.image' has no attribute '{name}'")
    return public(getattr(_image, name))
