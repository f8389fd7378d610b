import java.io.File;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Writes a PNG file with Java's ImageIO: java EncodeJava QUALITY SOURCE.png OUT.png; QUALITY is 0 to 1, or "default". */
public class EncodeJava {
  public static void main(String[] words) throws Exception {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    if (!words[0].equals("default")) {
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(Float.parseFloat(words[0]));
    }
    new File(words[2]).delete(); // ImageIO overwrites in place and leaves the old end of a longer file
    try (ImageOutputStream out = ImageIO.createImageOutputStream(new File(words[2]))) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(ImageIO.read(new File(words[1])), null, null), parameters);
    }
  }
}
