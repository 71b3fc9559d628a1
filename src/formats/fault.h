// The room's error codes and the two helpers with which every reader reports: what is wrong, and where.
// A place is a textual path, outermost container first: `model.keras › model.weights.h5 › layers/dense/vars/0`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kedge::formats {

inline constexpr std::string_view kFileUnreadable = "K0003";
inline constexpr std::string_view kFileExists = "K0004";
inline constexpr std::string_view kFileUnwritable = "K0005";

inline constexpr std::string_view kLimitExceeded = "K0100";
inline constexpr std::string_view kZipNotAnArchive = "K0101";
inline constexpr std::string_view kZipCorrupt = "K0102";
inline constexpr std::string_view kZipUnsupported = "K0103";
inline constexpr std::string_view kZipUnsafeName = "K0104";
inline constexpr std::string_view kZipDuplicateName = "K0105";
inline constexpr std::string_view kZipChecksum = "K0106";
inline constexpr std::string_view kZipMissingMember = "K0107";
inline constexpr std::string_view kZipTooLarge = "K0108";
inline constexpr std::string_view kJsonSyntax = "K0110";
inline constexpr std::string_view kJsonWrongKind = "K0111";
inline constexpr std::string_view kJsonMissing = "K0112";
inline constexpr std::string_view kNpyMalformed = "K0120";
inline constexpr std::string_view kNpyDtype = "K0121";
inline constexpr std::string_view kHdf5NotAFile = "K0130";
inline constexpr std::string_view kHdf5Corrupt = "K0131";
inline constexpr std::string_view kHdf5Unsupported = "K0132";
inline constexpr std::string_view kHdf5Missing = "K0133";
inline constexpr std::string_view kFlatbufferMalformed = "K0140";
inline constexpr std::string_view kFlatbufferTooLarge = "K0141";
inline constexpr std::string_view kProtobufMalformed = "K0150";

/// `model.keras` and `config.json` -> `model.keras › config.json`; an empty part or place adds nothing.
std::string inside(std::string_view place, std::string_view part);

/// An error of this room at a place.
Error fault(std::string_view code, std::string message, std::string_view place);

/// `name` in backquotes, shortened and with control characters replaced, so that hostile names cannot garble a message.
std::string quoted(std::string_view name);

}  // namespace kedge::formats
