"""Public names that a module of layers may import, mention in a hint or derive from, and that have no meaning at inference: each is a class
that refuses by its name when it is called. Without them one such import would leave the whole file unread."""
from keras.src.tensor import refuse

NAMES = {
    "keras.callbacks": """
        BackupAndRestore CSVLogger CallbackList OrbaxCheckpoint ProgbarLogger RemoteMonitor SwapEMAWeights TerminateOnNaN""",
    "keras.config": """
        max_epochs max_steps_per_epoch set_backend set_max_epochs set_max_steps_per_epoch""",
    "keras.dtype_policies": """
        AWQDTypePolicy GPTQDTypePolicy""",
    "keras.layers": """
        FlaxLayer JaxLayer StringLookup TFSMLayer TextVectorization TorchModuleWrapper""",
    "keras.metrics": """
        ConcordanceCorrelation F1Score FBetaScore PearsonCorrelation R2Score concordance_correlation huber log_cosh pearson_correlation""",
    "keras": """
        Function SymbolicScope device distillation distribution visualization""",
    "keras.models": """
        save_model""",
    "keras.optimizers": """
        MultiOptimizer OptimizerMap""",
    "keras.quantizers": """
        AWQConfig GPTQConfig abs_max_quantize_grouped_with_zero_point compute_float8_amax_history compute_float8_scale
        fake_quant_with_min_max_vars pack_int4 quantize_and_dequantize unpack_int4""",
    "keras.saving": """
        load_weights save_model save_weights""",
    "keras.tree": """
        MAP_TO_NONE assert_same_paths""",
    "keras.utils": """
        Config FeatureSpace array_to_img audio_dataset_from_directory get_file image_dataset_from_directory img_to_array load_img
        model_to_dot pack_x_y_sample_weight pad_sequences plot_model save_img split_dataset text_dataset_from_directory
        timeseries_dataset_from_array unpack_x_y_sample_weight""",
    "keras.utils.bounding_boxes": """
        affine_transform""",
    "tensorflow": """
        AggregationMethod CriticalSection DeviceSpec Graph IndexedSlicesSpec NoneTensorSpec Operation OptionalSpec RegisterGradient
        TensorArraySpec UnconnectedGradients approx_top_k as_string audio autodiff check_pinned conv conv2d_backprop_filter_v2
        conv2d_backprop_input_v2 data distribute dtensor edit_distance eig eigvals extract_volume_patches feature_column fftnd fingerprint
        get_current_name_scope graph_util guarantee_const hessians histogram_fixed_width_bins ifftnd import_graph_def inside_function io
        irfftnd is_symbolic_tensor lite load_library load_op_library losses make_ndarray make_tensor_proto matrix_square_root metrics mlir
        no_gradient nondifferentiable_batch_function optimizers parallel_stack profiler qint16 qint32 qint8 queue quint16 quint8
        ragged_fill_empty_rows ragged_fill_empty_rows_grad random_index_shuffle register_tensor_conversion_function
        required_space_to_batch_paddings resource rfftnd saved_model security sets summary sysconfig test timestamp tools tpu train types
        variable_creator_scope variant version xla""",
    "tensorflow.compat.v1": """
        AUTO_REUSE AttrValue COMPILER_VERSION CXX11_ABI_FLAG CXX_VERSION ConditionalAccumulator ConditionalAccumulatorBase ConfigProto Event
        FIFOQueue FixedLenFeature FixedLenSequenceFeature FixedLengthRecordReader GIT_VERSION GPUOptions GRAPH_DEF_VERSION
        GRAPH_DEF_VERSION_MIN_CONSUMER GRAPH_DEF_VERSION_MIN_PRODUCER GraphDef GraphKeys GraphOptions HistogramProto IdentityReader
        InteractiveSession LMDBReader LogMessage MONOLITHIC_BUILD MetaGraphDef NameAttrList NoGradient NodeDef NotDifferentiable OpError
        OptimizerOptions PaddingFIFOQueue Print PriorityQueue QUANTIZED_DTYPES QueueBase RandomShuffleQueue ReaderBase RunMetadata
        RunOptions Session SessionLog SparseConditionalAccumulator SparseFeature SparseTensorValue Summary SummaryMetadata TFRecordReader
        TensorInfo TextLineReader VERSION VarLenFeature VariableScope WholeFileReader accumulate_n add_check_numerics_ops add_to_collection
        add_to_collections all_variables angle app arg_max arg_min assert_greater_equal assert_integer assert_less_equal assert_near
        assert_negative assert_non_negative assert_non_positive assert_none_equal assert_positive assert_proper_iterable
        assert_rank_at_least assert_rank_in assert_same_float_dtype assert_scalar assert_type assert_variables_initialized assign assign_add
        assign_sub batch_gather batch_scatter_update betainc bincount check_numerics cholesky cholesky_solve clip_by_average_norm
        colocate_with confusion_matrix conj container control_flow_v2_enabled convert_to_tensor_or_indexed_slices
        convert_to_tensor_or_sparse_tensor count_up_to create_partitioned_variables cross cumprod decode_base64 decode_compressed decode_csv
        decode_json_example decode_raw delete_session_tensor depth_to_space dequantize deserialize_many_sparse diag diag_part
        dimension_at_index dimension_value disable_control_flow_v2 disable_resource_variables disable_tensor_equality disable_v2_tensorshape
        distributions div div_no_nan enable_control_flow_v2 enable_resource_variables enable_tensor_equality enable_v2_tensorshape
        encode_base64 erfc executing_eagerly_outside_functions extract_image_patches fake_quant_with_min_max_args
        fake_quant_with_min_max_args_gradient fake_quant_with_min_max_vars fake_quant_with_min_max_vars_gradient
        fake_quant_with_min_max_vars_per_channel fake_quant_with_min_max_vars_per_channel_gradient fft fft2d fft3d fixed_size_partitioner
        flags floor_div get_collection get_collection_ref get_default_session get_local_variable get_seed get_session_handle
        get_session_tensor get_variable_scope gfile global_norm global_variables global_variables_initializer glorot_normal_initializer
        glorot_uniform_initializer ifft ifft2d ifft3d igamma igammac imag initialize_all_tables initialize_all_variables
        initialize_local_variables initialize_variables invert_permutation is_finite is_inf is_non_decreasing is_numeric_tensor
        is_strictly_increasing is_variable_initialized layers lbeta lin_space load_file_system_library local_variables
        local_variables_initializer log_sigmoid logging make_template manip matching_files matrix_band_part matrix_determinant matrix_diag
        matrix_diag_part matrix_inverse matrix_set_diag matrix_solve matrix_solve_ls matrix_transpose matrix_triangular_solve
        min_max_variable_partitioner mixed_precision model_variables moving_average_variables multinomial no_regularizer op_scope
        orthogonal_initializer parse_example parse_single_example parse_single_sequence_example parse_tensor placeholder_with_default
        polygamma python_io qr quantize quantize_v2 quantized_concat random_crop random_gamma random_poisson random_shuffle read_file real
        reciprocal reduce_join regex_replace report_uninitialized_variables reset_default_graph resource_loader resource_variables_enabled
        reverse_v2 scatter_add scatter_div scatter_max scatter_min scatter_mul scatter_nd_add scatter_nd_sub scatter_nd_update scatter_sub
        scatter_update segment_max segment_mean segment_min segment_prod segment_sum self_adjoint_eig self_adjoint_eigvals
        serialize_many_sparse serialize_sparse serialize_tensor set_random_seed setdiff1d space_to_depth sparse_add sparse_concat
        sparse_fill_empty_rows sparse_mask sparse_matmul sparse_maximum sparse_merge sparse_minimum sparse_placeholder sparse_reduce_max
        sparse_reduce_max_sparse sparse_reduce_sum sparse_reduce_sum_sparse sparse_reorder sparse_reset_shape sparse_reshape sparse_retain
        sparse_segment_mean sparse_segment_sqrt_n sparse_segment_sum sparse_slice sparse_softmax sparse_split sparse_tensor_dense_matmul
        sparse_tensor_to_dense sparse_to_dense sparse_to_indicator sparse_transpose spectral string_join string_split string_strip
        string_to_hash_bucket string_to_hash_bucket_fast string_to_hash_bucket_strong string_to_number substr svd tables_initializer
        tensor_scatter_add tensor_scatter_sub tensor_scatter_update to_bfloat16 to_complex128 to_complex64 to_double to_int64 trace
        trainable_variables uniform_unit_scaling_initializer unsorted_segment_max unsorted_segment_mean unsorted_segment_min
        unsorted_segment_prod unsorted_segment_sqrt_n user_ops variable_axis_size_partitioner variable_op_scope variables_initializer
        verify_tensor_all_finite where_v2 wrap_function write_file zeta""",
    "tensorflow.debugging": """
        disable_traceback_filtering enable_traceback_filtering experimental get_log_device_placement is_traceback_filtering_enabled
        set_log_device_placement""",
    "tensorflow.dtypes": """
        QUANTIZED_DTYPES experimental qint16 qint32 qint8 quint16 quint8 resource variant""",
    "tensorflow.experimental.numpy": """
        array_equal broadcast_arrays complex_ compress diag_indices divmod float_ inexact int_ iscomplex iscomplexobj isrealobj ix_ ndarray
        object_ polyval positive random string_ unicode_""",
    "tensorflow.image": """
        adjust_jpeg_quality decode_and_crop_jpeg decode_bmp decode_gif decode_image decode_jpeg decode_jxl decode_png decode_webp
        draw_bounding_boxes encode_jpeg encode_png extract_glimpse extract_jpeg_shape generate_bounding_box_proposals is_jpeg
        random_jpeg_quality sample_distorted_bounding_box ssim_multiscale stateless_random_brightness stateless_random_contrast
        stateless_random_crop stateless_random_flip_left_right stateless_random_flip_up_down stateless_random_hue
        stateless_random_jpeg_quality stateless_random_saturation stateless_sample_distorted_bounding_box""",
    "tensorflow.linalg": """
        LinearOperator LinearOperatorAdjoint LinearOperatorBlockDiag LinearOperatorBlockLowerTriangular LinearOperatorCirculant
        LinearOperatorCirculant2D LinearOperatorCirculant3D LinearOperatorComposition LinearOperatorHouseholder LinearOperatorIdentity
        LinearOperatorInversion LinearOperatorKronecker LinearOperatorLowRankUpdate LinearOperatorPermutation LinearOperatorScaledIdentity
        LinearOperatorToeplitz LinearOperatorTridiag LinearOperatorZeros banded_triangular_solve eig eigh_tridiagonal eigvals experimental
        logm lu lu_matrix_inverse lu_reconstruct lu_solve sqrtm tridiagonal_matmul tridiagonal_solve""",
    "tensorflow.math": """
        approx_min_k bessel_i0 bessel_i1 bessel_i1e betainc igamma igammac nextafter polygamma sobol_sample special zeta""",
    "tensorflow.nn": """
        RNNCellDeviceWrapper RNNCellDropoutWrapper RNNCellResidualWrapper all_candidate_sampler approx_max_k approx_min_k collapse_repeated
        compute_accidental_hits compute_average_loss ctc_unique_labels depthwise_conv2d_backprop_filter depthwise_conv2d_backprop_input
        embedding_lookup_sparse experimental fixed_unigram_candidate_sampler fractional_avg_pool fractional_max_pool isotonic_regression
        learned_unigram_candidate_sampler nce_loss safe_embedding_lookup_sparse sampled_softmax_loss scale_regularization_loss
        with_space_to_batch""",
    "tensorflow.quantization": """
        dequantize experimental fake_quant_with_min_max_args_gradient fake_quant_with_min_max_vars_gradient
        fake_quant_with_min_max_vars_per_channel_gradient quantize quantize_and_dequantize quantize_and_dequantize_v2 quantized_concat""",
    "tensorflow.random": """
        Algorithm all_candidate_sampler create_rng_state experimental fixed_unigram_candidate_sampler fold_in
        learned_unigram_candidate_sampler log_uniform_candidate_sampler split stateless_binomial stateless_categorical stateless_gamma
        stateless_parameterized_truncated_normal stateless_poisson uniform_candidate_sampler""",
    "tensorflow.signal": """
        fftnd ifftnd inverse_mdct irfft3d irfftnd mdct rfft3d rfftnd""",
}
_WHY = {"StringLookup": "strings are not tensors in kedge's graph", "TextVectorization": "strings are not tensors in kedge's graph"}


class _Placeholder(type):
    """Attributes of a placeholder are placeholders: `tf.data.Dataset.range`."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return placeholder(f"{cls._path}.{name}")


def placeholder(path):
    name = path.rpartition(".")[2]

    def __init__(self, *args, **kwargs):
        if type(self)._path == path and type(self).__name__ == name:
            refuse(path, _WHY.get(name, "it has no part in inference"))

    return _Placeholder(name, (), {"__init__": __init__, "_path": path, "__module__": path.rpartition(".")[0]})


def unused(module, name):
    """The placeholder of a module's name, or an AttributeError."""
    if name in NAMES.get(module, "").split():
        return placeholder(f"{module}.{name}")
    raise AttributeError(f"module '{module}' has no attribute '{name}'")
